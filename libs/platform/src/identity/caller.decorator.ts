import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from './authenticator';

/** The person who calls, as the guard has established. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<{ principal: Principal }>().principal;
});
