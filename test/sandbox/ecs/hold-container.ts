import { probeIsolation } from '../../../sandbox/ecs/probe-isolation.ts'

/** Starts one container that starts more processes, says so, and waits to be killed. Arguments: a directory and a marker. */
const [directory = '', marker = ''] = process.argv.slice(2)
const { start } = await probeIsolation(directory)
const child = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(()=>0,1000) // ${marker}'], { detached: true, stdio: 'ignore' })`
await start({
  scratch: `${directory}/container`,
  argv: [process.execPath, '-e', `${child}; console.log('up'); setInterval(()=>0,1000) // ${marker}`],
  environment: { PATH: '/usr/bin:/bin' },
  workingDirectory: '/tmp',
  readOnlyRoot: true,
  mounts: [{ kind: 'tmpfs', target: '/tmp', options: 'mode=1777' }],
  onOutput: (chunk) => process.stdout.write(chunk),
})
setInterval(() => undefined, 1000)
