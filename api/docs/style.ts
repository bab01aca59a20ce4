import { createHash } from 'node:crypto'

export const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
nav a { display: block }
section { border-top: 1px solid #8884; margin-top: 2rem }
code, pre { font-family: ui-monospace, monospace; font-size: .9em }
pre { background: #8882; padding: 1rem; overflow: auto; max-height: 30rem }
h3 code { background: #8882; padding: .2em .4em; border-radius: .3em }
table { border-collapse: collapse } td, th { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top }
`

const hash = createHash('sha256').update(style).digest('base64')

/** Of a page that shows text in this one style and runs nothing. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
