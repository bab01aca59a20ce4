import { isJsonObject, type JsonObject } from '../../schema/json-object.ts'

/** The attributes of a resource's side of a change; none where there is no resource on that side. */
export const attributesOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})

/** What a list holds that are objects: Terraform's nested blocks. */
export const blocksOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : [])

export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [])
