import { startFront } from './start-front.ts'

// A front in a process of its own, to be killed: argv is its directory and its port.
const [directory, port] = process.argv.slice(2)
const front = await startFront({ directory, port: Number(port) })
console.log(front.url)
