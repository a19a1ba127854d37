/** The worker: holds the opened key away from the page, signs, and forgets the key after the last batch. */

import type { Bytes } from "./bytes.ts";
import { KEPError } from "./errors.ts";
import type { OpenRequest, Reply, Request } from "./protocol.ts";
import { findCertificates } from "./directory.ts";
import { Session } from "./session.ts";

/** The part of DedicatedWorkerGlobalScope used here; its own type library contradicts that of the page. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(reply: Reply): void;
}

const scope = self as unknown as WorkerScope;
let session: Session | null = null;

scope.onmessage = ({ data: request }) => {
  const answer = request.kind === "open" ? open(request) : sign(request.contents, request.isLast);
  answer.catch(failure).then((reply) => scope.postMessage(reply));
};

async function open(request: OpenRequest): Promise<Reply> {
  const { directory } = request;
  const find = directory ? (identifiers: Bytes[]) => findCertificates(directory, identifiers) : undefined;
  session = await Session.open({ ...request, find }, new Date(), progress);
  return { kind: "opened", holder: session.holder, certificate: Uint8Array.from(session.certificate.bytes) };
}

async function sign(contents: Bytes[], isLast: boolean): Promise<Reply> {
  if (!session) throw new Error("no key is open");
  try {
    const signatures: Bytes[] = [];
    for (const content of contents) {
      signatures.push(await session.sign(content, new Date()));
      progress(signatures.length / contents.length);
    }
    return { kind: "signed", signatures };
  } finally {
    if (isLast) {
      session.wipe();
      session = null;
    }
  }
}

function progress(part: number): void {
  scope.postMessage({ kind: "progress", part });
}

function failure(error: unknown): Reply {
  if (error instanceof KEPError) return { kind: "failed", reason: error.reason, at: error.at };
  console.error(error);
  return { kind: "failed", reason: "unexpected", at: undefined };
}
