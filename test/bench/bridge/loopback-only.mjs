// Loaded into programs that offer no choice of address: what a benchmark starts is for this machine alone.
import { Server } from 'node:net'

const listen = Server.prototype.listen

Server.prototype.listen = function (first, ...rest) {
  const isPort = typeof first === 'number' || typeof first === 'string'
  if (!isPort) return listen.call(this, first?.port === undefined ? first : { ...first, host: '127.0.0.1' }, ...rest)
  return listen.call(this, { port: Number(first), host: '127.0.0.1' }, ...rest.filter((value) => typeof value === 'function'))
}
