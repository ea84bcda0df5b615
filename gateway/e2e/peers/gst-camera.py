"""A camera made by others: GStreamer's RTSP server with live test pictures, for tests only.

Usage: gst-camera.py [none|basic|digest] [CLIP]; prints the port it took. Mounts: /h264 /h265 /mjpeg /sound, and /clip,
which plays an mp4 with H.264 from its start for each viewer.
Needs python3-gi, gir1.2-gst-rtsp-server-1.0 and GStreamer's base, good, bad and ugly plugins.
The account is read from standard input (user, then password, a line each), never from the command line.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURE = "videotestsrc is-live=true pattern=smpte ! video/x-raw,format=I420,width=320,height=176,framerate=10/1"
MOUNTS = {
    "/h264": f"( {PICTURE} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay name=pay0 pt=96 config-interval=-1 )",
    "/h265": f"( {PICTURE} ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph265pay name=pay0 pt=96 config-interval=-1 )",
    "/mjpeg": f"( {PICTURE} ! jpegenc ! rtpjpegpay name=pay0 pt=26 )",
    "/sound": "( audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay0 pt=8 )",
}


def guarded(server: GstRtspServer.RTSPServer, scheme: str, user: str, password: str) -> GstRtspServer.RTSPPermissions:
    """Puts a login before the server and returns what its user may do."""
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if scheme == "basic":
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    else:
        auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
        auth.add_digest(user, password, token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    return permissions


def main() -> None:
    scheme = sys.argv[1] if len(sys.argv) > 1 else "none"
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    permissions = None
    if scheme != "none":
        permissions = guarded(server, scheme, sys.stdin.readline().rstrip("\n"), sys.stdin.readline().rstrip("\n"))
    mounts = dict(MOUNTS)
    if len(sys.argv) > 2:
        demuxed = f'filesrc location="{sys.argv[2]}" ! qtdemux ! h264parse'
        mounts["/clip"] = f"( {demuxed} ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
    for path, launch in mounts.items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch)
        factory.set_shared(path != "/clip")
        if permissions:
            factory.set_permissions(permissions)
        server.get_mount_points().add_factory(path, factory)
    if not server.attach(None):
        sys.exit("cannot listen")
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    # Whoever started us holds our standard input; when it closes, we go.
    GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    loop.run()


main()
