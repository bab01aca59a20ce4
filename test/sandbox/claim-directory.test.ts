import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claimDirectory } from '../../sandbox/claim-directory.ts'
import { layout } from '../../sandbox/layout.ts'

const fresh = () => layout(join(mkdtempSync(join(tmpdir(), 'gantry-claim-')), '.gantry'))

describe('claimDirectory', () => {
  it('refuses a second sandbox and says where the first one listens', () => {
    const place = fresh()
    claimDirectory(place)
    writeFileSync(place.description, JSON.stringify({ url: 'http://127.0.0.1:8787' }))
    expect(() => claimDirectory(place)).toThrow(`A sandbox already runs on ${place.directory} (pid ${process.pid}, http://127.0.0.1:8787)`)
  })

  it('can be claimed again once it was given back', () => {
    const place = fresh()
    claimDirectory(place)()
    expect(() => claimDirectory(place)).not.toThrow()
  })

  it('takes over from a process that is gone, also when its pid lives on in another program', () => {
    const place = fresh()
    claimDirectory(place)
    writeFileSync(place.lock, JSON.stringify({ pid: process.pid, startTime: '1' }))
    claimDirectory(place)
    expect(JSON.parse(readFileSync(place.lock, 'utf8')).startTime).not.toBe('1')
  })

  it('takes over a lock that was only half written', () => {
    const place = fresh()
    claimDirectory(place)
    writeFileSync(place.lock, '{"pid":')
    expect(() => claimDirectory(place)).not.toThrow()
  })

  it('says in one sentence that the directory cannot be written', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'gantry-claim-')), 'a-file')
    writeFileSync(file, '')
    chmodSync(file, 0o400)
    expect(() => claimDirectory(layout(join(file, '.gantry')))).toThrow(/cannot write to .*GANTRY_DIRECTORY/)
  })
})
