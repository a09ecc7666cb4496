# Builds the program and puts it alone into an image without a shell, a package manager or root.
#
# The same sources, base images and SOURCE_DATE_EPOCH give the same program: paths of the build do not stand in it, the lock
# file fixes every crate, and nothing asks for the time. The bases are named by tag here, and a tag can move: a build that
# must be repeatable names them by digest:
#
#   docker build --build-arg BUILD_IMAGE=rust@sha256:… --build-arg BASE_IMAGE=gcr.io/distroless/cc-debian12@sha256:… \
#       --build-arg SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)" .
ARG BUILD_IMAGE=rust:1.95-bookworm
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
ARG SOURCE_DATE_EPOCH=0
ENV SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} \
    CARGO_INCREMENTAL=0 \
    RUSTFLAGS="--remap-path-prefix=/src=tierline --remap-path-prefix=/usr/local/cargo=cargo --remap-path-prefix=/usr/local/rustup=rustup" \
    CFLAGS="-ffile-prefix-map=/src=tierline -ffile-prefix-map=/usr/local/cargo=cargo"
WORKDIR /src
COPY . .
RUN cargo build --locked --release --bin tierline \
    && install -D -m 755 target/release/tierline /out/usr/local/bin/tierline \
    && install -d /out/usr/local/share/doc/tierline \
    && scripts/sbom > /out/usr/local/share/doc/tierline/sbom.cdx.json \
    && install -m 644 LICENSE-APACHE LICENSE-MIT /out/usr/local/share/doc/tierline/ \
    && install -d -m 700 /data \
    && find /out /data -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" {} +

FROM ${BASE_IMAGE}
COPY --from=build /out /
# The database and the key live here: mount a volume. Everything else may be read-only (docker run --read-only).
COPY --from=build --chown=65532:65532 /data /srv/tierline/data
USER 65532:65532
WORKDIR /srv/tierline
VOLUME /srv/tierline/data
ENV TIERLINE__HTTP__LISTEN=0.0.0.0:8088
EXPOSE 8088
HEALTHCHECK --interval=15s --timeout=8s --start-period=30s --retries=4 CMD ["/usr/local/bin/tierline", "check", "--ready"]
ENTRYPOINT ["/usr/local/bin/tierline"]
CMD ["run"]
