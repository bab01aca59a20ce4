const mark = '--- Gantry: '

/** Puts one section into a note, in place of what stood below the same title. The other sections stay as they are. */
export function putSection(note: string, title: string, text: string): string {
  const sections = readSections(note)
  sections.set(title, escapeMarks(text.trim()))
  return [...sections]
    .map(([name, body]) => (name === '' ? body : `${mark}${name} ---\n\n${body}`))
    .join('\n\n')
    .concat('\n')
}

/** What stands before the first mark is somebody else's; its title is empty. */
function readSections(note: string): Map<string, string> {
  const sections = new Map<string, string>()
  let title = ''
  let lines: string[] = []
  const keep = () => {
    const body = lines.join('\n').replaceAll(/^\n+|\n+$/g, '')
    if (title !== '' || body !== '') sections.set(title, body)
  }
  for (const line of note.split('\n')) {
    const named = line.startsWith(mark) && line.endsWith(' ---') ? line.slice(mark.length, -' ---'.length) : undefined
    if (named === undefined) lines.push(line)
    else {
      keep()
      title = named
      lines = []
    }
  }
  keep()
  return sections
}

/** No text of anybody's begins a section. */
function escapeMarks(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/^(?=--- Gantry: )/gm, ' ')
}
