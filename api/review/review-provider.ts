import type * as z from 'zod'
import type { Proposal, Review, ReviewProviderName } from '../../schema/review.ts'

/** A run that waits, as a pull request shows it. */
export interface ReviewRequest {
  readonly runId: string
  readonly serverId: string
  /** `servers/<id>/…`: definition.json, cdk.tf.json, server.auto.tfvars.json, plan.md; plan.md names the run and the plan's SHA-256. */
  readonly files: Readonly<Record<string, string>>
  readonly page: ReviewPage
  /** Who proposed it and when, for the commit. */
  readonly createdBy: string
  readonly createdAt: string
  /** The run came of this change: nothing is opened, the plan is posted there. */
  readonly proposal?: Proposal
}

export type ReviewStage = 'planning' | 'planned' | 'approved' | 'applying' | 'live' | 'failed' | 'discarded' | 'expired' | 'superseded'

/** What the pull request says, at every moment of the run. `body` is Markdown, at most 60 KB. */
export interface ReviewPage {
  readonly stage: ReviewStage
  readonly title: string
  readonly body: string
  /** One sentence, for the commit status. */
  readonly summary: string
  /** The run behind login. */
  readonly url: string
}

export type ReviewState =
  | { readonly kind: 'open' }
  /** What was planned is on the main branch, byte for byte; `reviewers` approved it and are not `by`. */
  | { readonly kind: 'merged'; readonly by: string; readonly commit: string; readonly reviewers: readonly string[] }
  /** Closed, or its branch is gone. */
  | { readonly kind: 'closed'; readonly by?: string }
  /** Other files than those planned, on the branch or merged; `what` is a sentence. */
  | { readonly kind: 'changed'; readonly what: string }

/** What a provider keeps of a pull request; the rest of a `Review` is ours. */
export type OpenedReview = Pick<Review, 'branch' | 'commit' | 'number' | 'url'>

/** One change of definitions that somebody committed; files are what differs from the main branch below `servers/`. */
export interface ProposedChange {
  readonly proposal: Proposal
  readonly files: readonly ProposedFile[]
}

export interface ProposedFile {
  /** `servers/<id>/definition.json`, `.yaml` or `.yml`. */
  readonly path: string
  /** Undefined where the change removes it. */
  readonly content: string | undefined
}

export interface ProposalProblem {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly message: string
}

/**
 * One pull request per waiting run. Every call may be repeated: a provider that was cut short finds what it had begun.
 * Throws GantryError UNAVAILABLE where the other side cannot be reached or is too slow; nothing is lost then.
 */
export interface ReviewProvider {
  readonly name: z.infer<typeof ReviewProviderName>
  /** Opens the pull request of a waiting run, or finds it; with a proposal posts the plan there. */
  open(request: ReviewRequest): Promise<OpenedReview>
  /** What has become of these, by run id; all in as few calls as can be. */
  look(reviews: readonly Review[]): Promise<ReadonlyMap<string, ReviewState>>
  /** Shows where the run stands: body, commit status, labels. */
  show(review: Review, page: ReviewPage): Promise<void>
  /** Closes what nobody merged, with the reason; somebody's proposal is told and stays open. */
  close(review: Review, page: ReviewPage): Promise<void>
  /** Says one sentence on a pull request that has ended: merged after expiry, reopened, merged twice. */
  answer(review: Review, message: string): Promise<void>
  /** The open changes of definitions that are not of our making. */
  proposals(): Promise<readonly ProposedChange[]>
  /** Reports what is wrong with a proposed definition, on its lines; once for a commit. */
  refuse(proposal: Proposal, problems: readonly ProposalProblem[]): Promise<void>
}
