/** The picture of an event as an image object of GA/T 1400 (video image information library); pure. Its HTTP interface is not the gateway's business. */
import { beijingTime, clockCaveats, isDeviceCode, projectable, type Caveat, type Projection } from "./message.ts";

/** Fields by the names of the standard; numbers are text there. */
export interface Gat1400Image {
  readonly ImageID: string;
  /** 1: collected by a machine. */
  readonly InfoKind: "1";
  readonly DeviceID: string;
  readonly ShotTime: string;
  readonly Title: string;
  readonly ContentDescription: string;
  readonly Keyword: string;
  readonly FileFormat: "Jpeg";
  readonly FileSize: string;
  readonly Width: string;
  readonly Height: string;
  readonly StoragePath: string;
  /** MD5 of the file, as the standard wants it; left out when the caller has none. */
  readonly FileHash?: string;
  readonly ShotPlaceLongitude?: string;
  readonly ShotPlaceLatitude?: string;
  /** Type 14: a picture of the scene. */
  readonly SubImageList: { readonly SubImageInfoObject: readonly [Readonly<Record<string, string>>] };
}

/** What only the caller knows. */
export interface Gat1400Options {
  /** 0..99999, unique for one device within one second. */
  readonly serial: number;
  /** Of the picture's octets: events carry SHA-256 and SM3, the standard asks for MD5. */
  readonly md5?: string;
}

/** The first snapshot of the event; an event without one has no image. */
export function gat1400Image(message: unknown, { serial, md5 }: Gat1400Options): Projection<Gat1400Image> {
  const event = projectable(message);
  if (!event) return { kind: "none", why: "it is no event" };
  const { camera, evidence, nameZh, title, eventId, place } = event.data;
  if (!isDeviceCode(camera.code)) return { kind: "none", why: "the camera has no 20-digit code" };
  const picture = evidence.find(({ kind, mediaType }) => kind === "snapshot" && mediaType === "image/jpeg");
  if (!picture) return { kind: "none", why: "the event has no JPEG picture" };
  const shotTime = beijingTime(event.time)?.replaceAll(/\D/g, "");
  if (shotTime === undefined) return { kind: "none", why: "its time cannot be read" };
  if (!Number.isInteger(serial) || serial < 0 || serial > 99_999)
    return { kind: "none", why: "the serial has five digits" };
  // 41 digits: device, 02 for an image, the second, a serial. The part 02 is from public code, not from the standard's own text.
  const ImageID = `${camera.code}02${shotTime}${String(serial).padStart(5, "0")}`;
  const hasPlace = place?.lon !== undefined && place.lat !== undefined;
  const common = {
    DeviceID: camera.code,
    ShotTime: shotTime,
    FileFormat: "Jpeg",
    StoragePath: picture.uri,
    Width: String(picture.w),
    Height: String(picture.h),
  } as const;
  const made: Gat1400Image = {
    ImageID,
    InfoKind: "1",
    ...common,
    Title: nameZh,
    // The standard's objects are persons, vehicles, things: what happened to water has its place in words only.
    ContentDescription: title.zh,
    Keyword: eventId,
    FileSize: String(picture.bytes),
    ...(md5 === undefined ? {} : { FileHash: md5 }),
    ...(hasPlace ? { ShotPlaceLongitude: String(place.lon), ShotPlaceLatitude: String(place.lat) } : {}),
    SubImageList: { SubImageInfoObject: [{ ImageID, Type: "14", ...common }] },
  };
  const caveats: Caveat[] = [...clockCaveats(event), "no-slot-for-event-type", "identifier-not-verified"];
  if (md5 === undefined) caveats.push("no-md5");
  if (!hasPlace) caveats.push("coordinates-left-out");
  return { kind: "made", made, caveats };
}
