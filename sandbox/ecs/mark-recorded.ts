import { recordsHeader } from '../front/records-header.ts'

const hasHeaders = (value: unknown): value is { headers: Record<string, string> } =>
  typeof value === 'object' && value !== null && 'headers' in value

/** For a command's middleware: asks for the emulator's own record, without what the front lays over it. */
export function markRecorded<Args extends object>(args: Args): Args {
  if ('request' in args && hasHeaders(args.request)) args.request.headers[recordsHeader] = 'emulator'
  return args
}
