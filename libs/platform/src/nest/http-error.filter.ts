import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AllostatError, InputError } from '@allostat/kernel';

interface HttpResponse {
  status(code: number): { json(body: unknown): void };
}

/** Answers `{"error": {"code", "message", "hint"}}` for what a caller can mend; everything else goes on as a 500. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<HttpResponse>();
    if (error instanceof AllostatError) {
      const { code, message, hint } = error;
      const own = (error as { status?: number }).status;
      response.status(own ?? (error instanceof InputError ? 422 : 500)).json({ error: { code, message, hint } });
      return;
    }
    if (error instanceof HttpException) {
      response.status(error.getStatus()).json({ error: { code: 'HTTP', message: error.message } });
      return;
    }
    throw error;
  }
}
