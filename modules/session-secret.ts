import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js'
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js'
import { TerraformStack } from 'cdktf'
import { Construct } from 'constructs'

export interface SessionSecretProps {
  readonly name: string
  readonly kmsKeyArn: string
}

const drawn = 'session_secret'

/** What a server's tasks seal session ids with: drawn by AWS while the secret is made, and in no plan, state or log. */
export class SessionSecret extends Construct {
  readonly version: SecretsmanagerSecretVersion

  constructor(scope: Construct, id: string, props: SessionSecretProps) {
    super(scope, id)
    // The bindings know no ephemeral resources.
    TerraformStack.of(this).addOverride(`ephemeral.aws_secretsmanager_random_password.${drawn}`, {
      password_length: 64,
      exclude_punctuation: true,
    })
    const secret = new SecretsmanagerSecret(this, 'secret', {
      name: props.name,
      description: 'Gantry: seals the session ids of one server',
      kmsKeyId: props.kmsKeyArn,
      // It means nothing without its server, whose name may be wanted again at once.
      recoveryWindowInDays: 0,
    })
    this.version = new SecretsmanagerSecretVersion(this, 'version', {
      secretId: secret.id,
      secretStringWo: `\${ephemeral.aws_secretsmanager_random_password.${drawn}.random_password}`,
      secretStringWoVersion: 1,
    })
  }
}
