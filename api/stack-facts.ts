import * as z from 'zod'

const Deployment = z.strictObject({
  primary: z.boolean(),
  rolloutState: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']).optional(),
  reason: z.string().optional(),
})

const StoppedTask = z.strictObject({
  taskId: z.string(),
  /** AWS's code: `EssentialContainerExited`, `TaskFailedToStart`, `ServiceSchedulerInitiated`, … */
  stopCode: z.string(),
  reason: z.string(),
  stoppedAt: z.iso.datetime().optional(),
  containers: z.array(z.strictObject({ name: z.string(), exitCode: z.number().int().optional(), reason: z.string().optional() })),
})

/** What AWS says now of what runs for a server. */
export const StackFacts = z
  .strictObject({
    /** Absent where there is no service, as before the first apply. */
    service: z
      .strictObject({
        status: z.string(),
        desired: z.number().int(),
        running: z.number().int(),
        pending: z.number().int(),
        deployments: z.array(Deployment),
        /** The newest, as ECS words them. */
        events: z.array(z.string()),
      })
      .optional(),
    /** The last task that stopped by itself, or any where none did; ECS remembers them for about an hour. */
    lastStopped: StoppedTask.optional(),
    targets: z.array(z.strictObject({ target: z.string(), state: z.string(), description: z.string() })),
    /** AWS did not answer: the rest is empty and says nothing. */
    unavailable: z.string().optional(),
  })
  .meta({ id: 'StackFacts' })
export type StackFacts = z.infer<typeof StackFacts>

export const LogLine = z.strictObject({ at: z.iso.datetime(), container: z.string(), taskId: z.string(), message: z.string() })
export type LogLine = z.infer<typeof LogLine>

/** What the control plane asks AWS about one server's stack. */
export interface StackPort {
  facts(serverId: string): Promise<StackFacts>
  /** Without `after` the newest lines; with it what was written since, oldest first. */
  logs(serverId: string, options: { after?: string | undefined; limit: number }): Promise<{ lines: LogLine[]; after: string }>
}
