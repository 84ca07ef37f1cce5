# syntax=docker/dockerfile:1
# ModelAtlas as an image: the site, its jobs, or both (Atlas__Roles). docker-compose.yml says how they go together.
# --target atlas is the default; --target atlas-cuda is the same program with ONNX Runtime for NVIDIA GPUs.

ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble
# ONNX Runtime's NVIDIA library of this release is built for CUDA 13.
ARG CUDA_IMAGE=nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04

FROM ${SDK_IMAGE} AS build
WORKDIR /source
# The project files alone first: packages are restored again only when they change.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY eng/BannedSymbols.txt eng/
COPY src/Domain/*.csproj src/Domain/packages.lock.json src/Domain/
COPY src/Ingest/*.csproj src/Ingest/packages.lock.json src/Ingest/
COPY src/Inference/*.csproj src/Inference/packages.lock.json src/Inference/
COPY src/Web/*.csproj src/Web/packages.lock.json src/Web/
RUN dotnet restore src/Web/ModelAtlas.Web.csproj --locked-mode
COPY src src
RUN dotnet publish src/Web/ModelAtlas.Web.csproj -c Release --no-restore -o /app \
 && mkdir /data

# The CUDA packages are no part of the lock files, since not every feed has them; so no locked mode here.
FROM build AS build-cuda
RUN rm -rf /app \
 && dotnet publish src/Web/ModelAtlas.Web.csproj -c Release -p:Accelerator=cuda -o /app

FROM ${CUDA_IMAGE} AS atlas-cuda
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libicu74 libssl3t64 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 1654 app && useradd --uid 1654 --gid 1654 --create-home app
COPY --from=build /usr/share/dotnet /usr/share/dotnet
COPY --from=build-cuda /app /app
COPY --from=build --chown=1654:1654 /data /data
ENV PATH=/usr/share/dotnet:$PATH DOTNET_EnableDiagnostics=0 Atlas__Data=/data Atlas__Inference__Device=cuda
WORKDIR /app
USER 1654
EXPOSE 5080
ENTRYPOINT ["dotnet", "/app/ModelAtlas.Web.dll"]
CMD ["up", "--host", "0.0.0.0"]

FROM ${RUNTIME_IMAGE} AS atlas
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /data /data
ENV ASPNETCORE_HTTP_PORTS= DOTNET_EnableDiagnostics=0 Atlas__Data=/data
WORKDIR /app
USER 1654
EXPOSE 5080
ENTRYPOINT ["dotnet", "/app/ModelAtlas.Web.dll"]
CMD ["up", "--host", "0.0.0.0"]
