import type { FastifyInstance } from 'fastify';
import { errorCode } from '../../db/errors.ts';
import { StartError } from './start-error.ts';

/** @throws StartError `PORT_IN_USE` */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    throw new StartError('PORT_IN_USE', `Got port ${port} of ${host}, which another process listens on, expected a free one. End that process, or set PORT to another port.`);
  }
}
