import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { AwsAnswer, Intercepts } from './aws-call.ts'
import type { ServiceTruth } from './service-truth.ts'

/** DescribeTargetHealth from what really runs. */
export function targetHealthIntercept(truth: () => ServiceTruth | undefined): Intercepts {
  return {
    '2015-12-01.DescribeTargetHealth': async (call) => {
      const found = truth()?.targetHealth(call.form.get('TargetGroupArn') ?? '')
      if (!found) return call.forward()
      return xmlAnswer(select(found, call.form).map(member).join(''))
    },
  }
}

/** Only the targets asked for, when some are. */
function select(found: readonly TargetHealthDescription[], form: URLSearchParams): readonly TargetHealthDescription[] {
  const wanted = [...form.entries()].flatMap(([name, id]) => {
    const index = /^Targets\.member\.(\d+)\.Id$/.exec(name)?.[1]
    return index ? [{ id, port: form.get(`Targets.member.${index}.Port`) }] : []
  })
  if (wanted.length === 0) return found
  return found.filter(({ Target }) => wanted.some(({ id, port }) => id === Target?.Id && (port === null || Number(port) === Target.Port)))
}

function member({ Target, HealthCheckPort, TargetHealth }: TargetHealthDescription): string {
  return element('member', [
    element('HealthCheckPort', text(HealthCheckPort ?? Target?.Port)),
    element('TargetHealth', [
      element('State', text(TargetHealth?.State)),
      element('Reason', text(TargetHealth?.Reason)),
      element('Description', text(TargetHealth?.Description)),
    ]),
    element('Target', [
      element('Id', text(Target?.Id)),
      element('Port', text(Target?.Port)),
      element('AvailabilityZone', text(Target?.AvailabilityZone)),
    ]),
  ])
}

function element(name: string, content: string | string[]): string {
  const inner = Array.isArray(content) ? content.join('') : content
  return inner === '' ? '' : `<${name}>${inner}</${name}>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const text = (value: unknown) => (value === undefined ? '' : String(value).replace(/[&<>"]/g, (character) => entities[character] ?? ''))

function xmlAnswer(members: string): AwsAnswer {
  const body = `<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeTargetHealthResult><TargetHealthDescriptions>${members}</TargetHealthDescriptions></DescribeTargetHealthResult><ResponseMetadata><RequestId>${crypto.randomUUID()}</RequestId></ResponseMetadata></DescribeTargetHealthResponse>`
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) }
}
