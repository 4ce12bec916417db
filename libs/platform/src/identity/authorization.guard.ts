import { AUTHORIZATION_MATRIX, mayCall } from '@allostat/contracts';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Authenticator, type Principal } from './authenticator';
import { NotAllowedError } from './not-allowed-error';

interface Call {
  readonly method: string;
  readonly route: { readonly path: string };
  readonly headers: { readonly authorization?: string };
  principal?: Principal;
}

const BREAK_GLASS = 'POST /kill-switch/';

/** Lets a request through when the matrix has its route and the caller one of its roles. Messages are no requests. */
@Injectable()
export class AuthorizationGuard implements CanActivate {
  constructor(private readonly authenticator: Authenticator) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const call = context.switchToHttp().getRequest<Call>();
    const route = `${call.method} ${call.route.path}`;
    if (AUTHORIZATION_MATRIX[route] === 'public') return true;
    const breakGlass = route.startsWith(BREAK_GLASS);
    const principal = await this.authenticator.principal(call.headers.authorization, { breakGlass });
    if (!mayCall(route, principal.roles)) {
      throw new NotAllowedError(
        403,
        `${principal.id} has the roles ${principal.roles.join(', ')}, which may not call ${route}`,
        'ask somebody who has the role',
      );
    }
    call.principal = principal;
    return true;
  }
}
