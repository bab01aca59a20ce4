import * as z from 'zod'

const PhaseRecord = z.object({
  phaseType: z.string(),
  phaseStatus: z.string().optional(),
  startTime: z.number(),
  endTime: z.number().optional(),
  durationInSeconds: z.number().optional(),
  contexts: z.array(z.object({ statusCode: z.string().optional(), message: z.string() })).optional(),
})

export const BuildStatus = z.enum(['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'STOPPED', 'FAULT', 'TIMED_OUT'])
export type BuildStatus = z.infer<typeof BuildStatus>

/** A build as BatchGetBuilds shows it; times are seconds, as on the wire. */
export const Build = z.object({
  id: z.string(),
  arn: z.string(),
  buildNumber: z.number(),
  projectName: z.string(),
  buildStatus: BuildStatus,
  buildComplete: z.boolean(),
  currentPhase: z.string(),
  startTime: z.number(),
  endTime: z.number().optional(),
  phases: z.array(PhaseRecord),
  timeoutInMinutes: z.number(),
  serviceRole: z.string().optional(),
  initiator: z.string(),
  source: z.record(z.string(), z.unknown()),
  environment: z.record(z.string(), z.unknown()),
  logs: z.object({ groupName: z.string(), streamName: z.string(), deepLink: z.string() }),
})
export type Build = z.infer<typeof Build>

/** What the sandbox keeps of a build. */
export const BuildRecord = z.object({
  format: z.literal(1),
  build: Build,
  idempotencyToken: z.string().optional(),
  /** What StartBuild was asked, to tell a repeated call from a different one with the same token. */
  fingerprint: z.string(),
  /** Of the shell that leads the build's process group. */
  process: z.object({ pid: z.number(), startTime: z.string() }).optional(),
  stopRequested: z.boolean(),
  /** The last status that EventBridge was told. */
  announced: BuildStatus.optional(),
})
export type BuildRecord = z.infer<typeof BuildRecord>

export const isOver = ({ buildStatus }: Build) => buildStatus !== 'IN_PROGRESS'

export const secondsNow = () => Date.now() / 1000
