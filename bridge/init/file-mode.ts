const regularFile = 0o100000
const typeBits = 0o170000

/**
 * The permissions an uploader kept in `mode` or `file-permissions`: octal (0755, 100755; rclone, DataSync) or a decimal st_mode
 * (33261; s3fs). Undefined where there are none; set-uid bits never come back, and the owner can always read.
 */
export function fileMode(metadata: Readonly<Record<string, string>>): number | undefined {
  const text = metadata['file-permissions'] ?? metadata.mode
  if (text === undefined) return undefined
  const mode = /^(?:0o?)?(?:100)?[0-7]{3,4}$/.test(text) ? Number.parseInt(text.replace(/^0o/, ''), 8) : decimalMode(text)
  return mode === undefined ? undefined : (mode & 0o777) | 0o400
}

function decimalMode(text: string): number | undefined {
  const mode = /^\d{5}$/.test(text) ? Number(text) : 0
  return (mode & typeBits) === regularFile ? mode : undefined
}
