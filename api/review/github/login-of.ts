/** Who did it, as our records name people; GitHub calls those who are gone `ghost`. */
export const loginOf = (user: { readonly login: string } | null | undefined): string => `github:${user?.login ?? 'ghost'}`
