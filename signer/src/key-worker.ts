/** The page's side of the worker: one request at a time, progress on the way, failures as exceptions. */

import type { FailureReason, Reply, Request } from "./protocol.ts";

/** Why signing stopped, as the person will read it. */
export type StopReason =
  | FailureReason
  | "no-file"
  | "unreadable-file"
  | "no-password"
  | "no-worker"
  | "other-person"
  | "closed"
  | "broken-page";

export class Stopped extends Error {
  constructor(
    readonly reason: StopReason,
    readonly detail: { at?: Date; expected?: string; found?: string } = {},
  ) {
    super(reason);
    this.name = "Stopped";
  }
}

type Expected<Kind extends Reply["kind"]> = Promise<Extract<Reply, { kind: Kind }>>;

export class KeyWorker {
  private readonly worker: Worker;
  private stop: (reason: Stopped) => void = () => {};

  /** @throws Stopped no-worker */
  constructor(address: string) {
    try {
      this.worker = new Worker(address);
    } catch {
      throw new Stopped("no-worker");
    }
  }

  /** @throws Stopped */
  ask<Kind extends "opened" | "signed">(
    request: Request,
    kind: Kind,
    progress: (part: number) => void,
  ): Expected<Kind> {
    return new Promise((resolve, reject) => {
      this.stop = reject;
      this.worker.onerror = () => reject(new Stopped("no-worker"));
      this.worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
        if (reply.kind === "progress") progress(reply.part);
        else if (reply.kind === "failed") reject(new Stopped(reply.reason, { at: reply.at }));
        else if (reply.kind === kind) resolve(reply as Extract<Reply, { kind: Kind }>);
      };
      this.worker.postMessage(request);
    });
  }

  /** Ends the worker with everything in its memory, in the middle of its work too. */
  close(): void {
    this.worker.terminate();
    this.stop(new Stopped("closed"));
  }
}
