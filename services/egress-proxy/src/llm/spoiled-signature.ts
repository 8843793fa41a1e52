/**
 * Stands where a provider's signature was over a text from which a secret had to be taken: base64, as they all are. When
 * the part comes back in a later request, it is known by this and left out, for with a changed text nobody accepts it.
 */
export const spoiledSignature = Buffer.from("berth:redacted").toString("base64");
