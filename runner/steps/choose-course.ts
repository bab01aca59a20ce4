import { readService } from '../../aws/services.ts'
import { resolveDefinition } from '../../schema/resolve-definition.ts'
import { type Course, courseOf } from '../course.ts'
import { invalidRevision, type RunContext } from '../run-context.ts'
import { serviceName } from '../server-names.ts'

/** Looks at what is, to say what the run must do. */
export async function chooseCourse(context: RunContext): Promise<Course> {
  const { clients, contract, server, definition, enabled, report } = context
  if (!definition && enabled) throw invalidRevision(context)
  const service = await readService(clients.ecs, contract.cluster.name, serviceName(contract.platform, server.id))
  const resolved = definition && resolveDefinition(definition, contract)
  const course = courseOf({ server, run: context.current.run, enabled, definition: resolved, desiredNow: service?.desired })
  if (course.keepMode) {
    const to = resolved?.loadBalancer.mode
    const message = `The load balancer changes from ${course.keepMode} to ${to}: both serve until a second run takes the old one away`
    report.event('run.expand', message, { from: course.keepMode, to })
  }
  return course
}
