import type { Json } from './json.ts';
import type { Template } from './template.ts';

/** An output that other stacks can import. */
export interface Export {
  readonly template: Template;
  readonly value: Json;
}

/** What an intrinsic can see from where it stands. */
export interface Scope {
  readonly template: Template;
  /** Finds what a stack imports by name; undefined where not exactly one stack exports it. */
  exports(importer: Template, name: string): Export | undefined;
  /** The exports on the way to here, so that a circle of imports comes to an end. */
  readonly importing: readonly Export[];
}
