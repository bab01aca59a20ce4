import type { CodeBuild } from '../codebuild/create-code-build.ts'
import type { AwsCall, Intercept, Intercepts } from './aws-call.ts'
import { AwsError } from './aws-error.ts'

const prefix = 'CodeBuild_20161006'

/** The CodeBuild calls about builds; projects stay the emulator's. */
export function codeBuildIntercepts(codeBuild: () => CodeBuild): Intercepts {
  const list: Intercept = async ({ input }) => ({
    ids: codeBuild().listBuilds(input.projectName as string | undefined, input.sortOrder),
  })
  return {
    [`${prefix}.StartBuild`]: async ({ input }) => ({ build: await codeBuild().startBuild(input) }),
    [`${prefix}.BatchGetBuilds`]: async (call) => ({ ...codeBuild().batchGetBuilds(idsOf(call)) }),
    [`${prefix}.StopBuild`]: async ({ input }) => ({ build: codeBuild().stopBuild(String(input.id)) }),
    [`${prefix}.ListBuildsForProject`]: list,
    [`${prefix}.ListBuilds`]: list,
    // Granted to nobody: they would take overrides past the one rule.
    [`${prefix}.StartBuildBatch`]: refuse,
    [`${prefix}.RetryBuild`]: refuse,
    [`${prefix}.RetryBuildBatch`]: refuse,
  }
}

function idsOf({ input }: AwsCall): string[] {
  const ids = (input.ids as string[] | undefined) ?? []
  const wrong = ids.find((id) => !id.includes(':'))
  if (wrong !== undefined) throw new AwsError('InvalidInputException', `Invalid build ID provided: ${wrong}`)
  return ids
}

const refuse: Intercept = async () => {
  throw new AwsError('AccessDeniedException', 'User is not authorized to perform this action.')
}
