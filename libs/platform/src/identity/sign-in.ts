import { APP_GUARD } from '@nestjs/core';
import type { StageDefinition } from '../stage/stage-definition';
import { Authenticator } from './authenticator';
import { AuthorizationGuard } from './authorization.guard';
import { IdentityController } from './identity.controller';
import { People } from './people';
import { PeopleWatch } from './people-watch';
import type { TokenTrust } from './token-verifier';

/** Who may call a service, and whose word is taken for who they are. */
export interface SignInOptions {
  readonly people: People;
  /** The identity provider; without one people sign in with local accounts. */
  readonly provider?: TokenTrust;
}

/** What a stage with routes adds to its definition: sign-in, and the guard that holds every route to the matrix. */
export function signIn(options: SignInOptions): Required<Pick<StageDefinition, 'controllers' | 'providers'>> {
  return {
    controllers: [IdentityController],
    providers: [
      { provide: People, useValue: options.people },
      PeopleWatch,
      { provide: Authenticator, useFactory: () => Authenticator.create(options) },
      { provide: APP_GUARD, useClass: AuthorizationGuard },
    ],
  };
}
