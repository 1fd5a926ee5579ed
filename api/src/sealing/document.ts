/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject { readonly [name: string]: Json }

/** Whose document it is. It is sealed along, so that a row copied elsewhere does not open there. */
export interface Place {
  readonly workspaceId: string;
  readonly requestId: string;
}

/** What is sealed of one request; what has not arrived is left out. */
export interface SealedDocument {
  /** Whatever a client tells of the request beside what is metered. */
  readonly metadata?: JsonObject;
  /** The body that went to the provider. */
  readonly request?: Json;
  /** The body that came back. */
  readonly response?: Json;
}

/**
 * What a document becomes when more of it arrives.
 *
 * A direction replaces the one of its kind alone, and metadata join by name: the directions may come in any order, and
 * each more than once.
 */
export function merge(standing: SealedDocument, { metadata, request, response }: SealedDocument): SealedDocument {
  return {
    ...standing,
    ...(metadata !== undefined && { metadata: { ...standing.metadata, ...metadata } }),
    ...(request !== undefined && { request }),
    ...(response !== undefined && { response }),
  };
}
