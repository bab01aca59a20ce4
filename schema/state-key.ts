/** Where Terraform's state of one life of a server is in the state bucket; its lock is beside it. */
export const stateKey = (server: { id: string; uid: string }): string => `servers/${server.id}/${server.uid}/terraform.tfstate`
