import * as z from 'zod'
import { expects } from './refusal.ts'

export function wholeNumber(min: number, max: number, unit = '') {
  const error = expects(`a whole number from ${min} to ${max}${unit}`)
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error })
}
