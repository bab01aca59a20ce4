import type { Integration, IntegrationResponse } from '@aws-sdk/client-api-gateway'
import type { Call, RawHeader } from './call.ts'
import type { RenderedResponse } from './gateway-response.ts'
import { MappingError } from './map-request.ts'
import { resolveExpression } from './resolve-expression.ts'

function choose(responses: readonly IntegrationResponse[], status: string): IntegrationResponse | undefined {
  const matching = responses.find((one) => one.selectionPattern && new RegExp(`^(?:${one.selectionPattern})$`).test(status))
  return matching ?? responses.find((one) => !one.selectionPattern)
}

/** What a MOCK integration answers: the status of its request template picks the integration response. */
export function mockIntegration(integration: Integration, call: Call): RenderedResponse {
  const template = integration.requestTemplates?.['application/json'] ?? ''
  const status = /"statusCode"\s*:\s*(\d{3})/.exec(template)?.[1]
  if (status === undefined) throw new MappingError('the MOCK integration has no request template with a statusCode')
  const response = choose(Object.values(integration.integrationResponses ?? {}), status)
  if (response === undefined) throw new MappingError(`No match for output mapping and no default output mapping configured (${status})`)
  const headers: RawHeader[] = [['x-amzn-RequestId', call.requestId]]
  for (const [target, expression] of Object.entries(response.responseParameters ?? {})) {
    const value = resolveExpression(expression, call)
    if (value !== undefined) headers.push([target.replace(/^method\.response\.header\./, ''), value])
  }
  const body = response.responseTemplates?.['application/json'] ?? ''
  return { status: Number(response.statusCode), headers: body ? [...headers, ['Content-Type', 'application/json']] : headers, body }
}
