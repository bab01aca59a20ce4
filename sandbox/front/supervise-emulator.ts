import { type Emulator, type StartEmulatorOptions, startEmulator } from '../emulator/start-emulator.ts'

export interface Supervised {
  /** Resolves with the running emulator, waits while it is started again, rejects with the reason when it is given up. */
  current(): Promise<Emulator>
  stop(): Promise<void>
}

export interface SuperviseOptions {
  readonly emulator: Omit<StartEmulatorOptions, 'onExit' | 'port'>
  readonly onLog: (line: string) => void
  /** The emulator is gone for good; `reason` is a sentence. */
  readonly onGivenUp: (reason: string) => void
}

const restartsAMinute = 5

/** Keeps one emulator running: what dies is started again from its store, and given up when it keeps dying. */
export async function superviseEmulator({ emulator, onLog, onGivenUp }: SuperviseOptions): Promise<Supervised> {
  let stopped = false
  let deaths: number[] = []
  let running: Promise<Emulator>

  const start = () => startEmulator({ ...emulator, onExit })
  function onExit(reason: string, mayRestart: boolean): void {
    if (stopped) return
    deaths = [...deaths.filter((time) => time > Date.now() - 60_000), Date.now()]
    if (!mayRestart || deaths.length > restartsAMinute || emulator.storeDirectory === undefined) {
      giveUp(reason)
      return
    }
    onLog(`${reason}; starting it again from its journal`)
    running = start()
    running.then(
      ({ pid, replayed }) => onLog(`the AWS emulator is back (pid ${pid}, ${replayed} requests replayed)`),
      (error: Error) => giveUp(error.message),
    )
  }
  function giveUp(reason: string): void {
    running = Promise.reject(new Error(reason))
    running.catch(() => {})
    onGivenUp(reason)
  }

  running = start()
  await running
  return {
    current: () => running,
    async stop() {
      stopped = true
      await running.then(
        (last) => last.stop(),
        () => {},
      )
    },
  }
}
