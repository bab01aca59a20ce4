import { createCover } from './cover.ts'
import { secretValues } from './secret-values.ts'
import type { ShownPlan } from './shown-plan.ts'

/** Terraform's own plan for people, without what it should have hidden: values of its masks and sensitive variables, credentials. */
export function coverPlanText(text: string, shown: ShownPlan): string {
  return createCover(secretValues(shown).flatMap(asTerraformWrites)).text(text)
}

/** In quotes, where a template's signs are doubled, and in a heredoc, line by line. */
function asTerraformWrites(secret: string): string[] {
  const lines = secret.split('\n').filter((line) => line.trim().length >= 4)
  return [secret, ...(lines.length > 1 ? lines.map((line) => line.trim()) : [])].flatMap((one) => [
    one,
    one.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{'),
  ])
}
