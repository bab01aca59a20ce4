import { existsSync } from 'node:fs'
import { join } from 'node:path'

const shell = '/bin/sh'

/** Why a program could not be executed, in the words of the definition, and what to do about it; `path` is the PATH it is looked for in. */
export function describeStartError(error: NodeJS.ErrnoException, program: string, path = ''): string {
  return `${explain(error, program, path)} (${error.message})`
}

function explain({ code }: NodeJS.ErrnoException, program: string, path: string): string {
  if (code === 'EACCES') {
    return `user ${process.getuid?.()} may not execute ${program}: give everybody the right to, or let the image run as its owner`
  }
  if (code !== 'ENOENT') return `${program} could not be executed`
  if (isThere(program, path)) {
    return `${program} is in this image, but the interpreter or the loader that it names is not: take an image that holds both`
  }
  if (program === shell) {
    return `the start command is a string, which runs under ${shell}, and this image has none: give it as an array, which is executed as it is, or take an image with a shell`
  }
  return `${program} is not in this image, where PATH is ${JSON.stringify(path)}: name a program that the image holds, best by its absolute path`
}

function isThere(program: string, path: string): boolean {
  const places = program.includes('/') ? [program] : path.split(':').map((directory) => join(directory, program))
  return places.some((place) => existsSync(place))
}
