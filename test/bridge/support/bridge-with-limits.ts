import { readConfig } from '../../../bridge/config.ts'
import { defaultLimits } from '../../../bridge/limits.ts'
import { runBridge } from '../../../bridge/main.ts'

// What the bridge's own entrance does, with limits that a test can wait for.
await runBridge(await readConfig(), { ...defaultLimits(), ...JSON.parse(process.env.LIMITS ?? '{}') })
