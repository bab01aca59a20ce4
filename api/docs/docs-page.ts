import { html, raw } from 'hono/html'
import type { openApiDocument } from '../open-api-document.ts'
import { style } from './style.ts'

type Document = ReturnType<typeof openApiDocument>
type PathItem = NonNullable<Document['paths']>[string]
type Operation = NonNullable<PathItem['get']>
interface Call {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** The OpenAPI document for people: one page, one style, no script and nothing from elsewhere. */
export function docsPage(document: Document) {
  const calls = Object.entries(document.paths ?? {}).flatMap(([path, item]) => callsOf(path, item))
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${document.info.title} API</title><style>${raw(style)}</style></head>
<body>
<h1>${document.info.title} API</h1>
<p>${document.info.description ?? ''} Machines read <a href="openapi.json">openapi.json</a>.</p>
<p>Send a key as <code>Authorization: Bearer gantry_…</code>. Refusals are <code>application/problem+json</code> with a <code>code</code>.</p>
<nav>${calls.map((call) => html`<a href="#${anchor(call)}"><code>${call.method} ${call.path}</code> ${call.operation.summary ?? ''}</a>`)}</nav>
${calls.map(section)}
<section><h2>Schemas</h2>${Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => html`<h3 id="schema-${name}">${name}</h3>${code(schema)}`)}</section>
</body></html>`
}

function callsOf(path: string, item: PathItem): Call[] {
  const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
  return methods.flatMap((method) => (item[method] ? [{ method: method.toUpperCase(), path, operation: item[method] }] : []))
}

function section(call: Call) {
  const { operation } = call
  const body =
    operation.requestBody && 'content' in operation.requestBody ? operation.requestBody.content['application/json']?.schema : undefined
  return html`<section id="${anchor(call)}">
<h3><code>${call.method} ${call.path}</code></h3>
<p>${operation.summary ?? ''}. ${operation.description ?? ''}</p>
${operation.parameters ? parameters(operation.parameters) : ''}
${body ? html`<h4>Body</h4>${code(body)}` : ''}
<h4>Answers</h4>
<table>${Object.entries(operation.responses ?? {}).map(([status, response]) => html`<tr><th>${status}</th><td>${'description' in response ? response.description : ''}</td></tr>`)}</table>
</section>`
}

function parameters(list: NonNullable<Operation['parameters']>) {
  const rows = list.flatMap((parameter) => ('name' in parameter ? [parameter] : []))
  return html`<h4>Parameters</h4>
<table>${rows.map(({ name, in: place, schema, description }) => html`<tr><td><code>${name}</code></td><td>${place}</td><td><code>${JSON.stringify(schema)}</code></td><td>${description ?? ''}</td></tr>`)}</table>`
}

const code = (value: unknown) => html`<pre>${JSON.stringify(value, undefined, 2)}</pre>`
const anchor = ({ method, path }: Call) => `${method}-${path.replace(/[^a-z]+/g, '-')}`.toLowerCase()
