import { Controller, Get, Headers, HttpCode, Post, UseFilters } from '@nestjs/common';
import { HttpErrorFilter } from '../nest/http-error.filter';
import { Authenticator } from './authenticator';
import type { TokenIssuer } from './token-issuer';

/** The built-in identity provider: tokens for local accounts, and the keys that they can be checked with. */
@Controller('identity')
@UseFilters(HttpErrorFilter)
export class IdentityController {
  constructor(private readonly authenticator: Authenticator) {}

  @Get('keys')
  keys(): TokenIssuer['keys'] {
    return this.authenticator.issuer.keys;
  }

  @Post('token')
  @HttpCode(200)
  async token(@Headers('authorization') secret: string | undefined): Promise<{ readonly token: string }> {
    return { token: await this.authenticator.exchange(secret) };
  }
}
