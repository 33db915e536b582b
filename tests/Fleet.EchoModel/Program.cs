using Fleet.EchoModel;

var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
var echo = await EchoServer.Start(settings["Urls"] ?? "http://127.0.0.1:11435");
if (settings["FLEET_ECHO_MODELS"] is { Length: > 0 } models)
    echo.Models.Replace(models.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
Console.WriteLine($"An echo of every model listens on {echo.Url}");
await echo.Ended();
