# The public proxy. Build from the checkout: docker build -f compose/edge.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /checkout
COPY . .
RUN dotnet publish src/Fleet.Edge -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# curl asks /health/ready
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
WORKDIR /app
USER $APP_UID
# Whoever publishes the port decides for whom
ENV Urls=http://0.0.0.0:8080 Edge__AllowPlain=true DOTNET_gcServer=0
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD curl -sf http://127.0.0.1:8080/health/ready
ENTRYPOINT ["dotnet", "Fleet.Edge.dll"]
