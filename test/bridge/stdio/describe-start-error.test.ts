import { expect, test } from 'vitest'
import { describeStartError } from '../../../bridge/stdio/describe-start-error.ts'

const failure = (code: string, program: string): NodeJS.ErrnoException => Object.assign(new Error(`spawn ${program} ${code}`), { code })

test.each([
  ['/bin/nothing', '/usr/bin', '/bin/nothing is not in this image, where PATH is "/usr/bin"'],
  ['nothing', '/usr/bin:/bin', 'nothing is not in this image, where PATH is "/usr/bin:/bin"'],
  ['nothing', undefined, 'nothing is not in this image, where PATH is ""'],
  ['env', '/usr/bin:/bin', 'env is in this image, but the interpreter or the loader that it names is not'],
  [process.execPath, '', `${process.execPath} is in this image, but the interpreter or the loader`],
])('%s with PATH %s: %s', (program, path, said) => {
  const text = describeStartError(failure('ENOENT', program), program, path)
  expect(text).toContain(said)
  expect(text).toContain(`(spawn ${program} ENOENT)`)
})

test('a program that may not be executed names who tried', () => {
  expect(describeStartError(failure('EACCES', '/app/run'), '/app/run')).toContain(`user ${process.getuid?.()} may not execute /app/run`)
})

test('any other error speaks for itself', () => {
  expect(describeStartError(failure('EMFILE', '/app/run'), '/app/run')).toBe('/app/run could not be executed (spawn /app/run EMFILE)')
})
