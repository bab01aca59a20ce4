import { execFileSync } from 'node:child_process'

/** Pids whose command line holds the text; `ps` itself is not counted. */
export function processesWith(text: string): number[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -eo'))
    .map((line) => Number(line.trim().split(' ')[0]))
}
