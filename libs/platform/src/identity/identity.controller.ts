import { Controller, Get, Headers, HttpCode, Post, UseFilters } from '@nestjs/common';
import { HttpErrorFilter } from '../nest/http-error.filter';
import { Authenticator } from './authenticator';
import type { TokenIssuer } from './token-issuer';

/** The built-in identity provider: tokens for local accounts, and the keys that they can be checked with. */
@Controller('identity')
@UseFilters(HttpErrorFilter)
export class IdentityController {
  constructor(private readonly authenticator: Authenticator) {}

  /** Public keys of the built-in issuer, as a JSON Web Key Set. */
  @Get('keys')
  keys(): TokenIssuer['keys'] {
    return this.authenticator.issuer.keys;
  }

  /** A token of a quarter of an hour for the local account whose secret the header carries. */
  @Post('token')
  @HttpCode(200)
  async token(@Headers('authorization') secret: string | undefined): Promise<{ readonly token: string }> {
    return { token: await this.authenticator.exchange(secret) };
  }
}
