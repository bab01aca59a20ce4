import type { AwsAnswer } from './aws-call.ts'

/** Undefined for a refusal, which is passed on as it is. */
export function readJsonAnswer<T>(answer: AwsAnswer): T | undefined {
  return answer.status === 200 ? (JSON.parse(answer.body.toString()) as T) : undefined
}

export function writeJsonAnswer(answer: AwsAnswer, content: unknown): AwsAnswer {
  return { ...answer, body: Buffer.from(JSON.stringify(content)) }
}
