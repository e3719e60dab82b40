#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
// `KEY=… LOG=changes.ndjson PORT=8080 dotnet run server.cs`: .NET 10, no packages.
// LOG holds the changes of one user, one JSON object a line, oldest first; line N is event N. In your server this is a table.
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

const string User = "u42";
// Another word here, once, if the log is ever lost and counts from 1 again.
const string Epoch = "e1";
const int HeartbeatMs = 15_000;

var key = Environment.GetEnvironmentVariable("KEY");
var logPath = Environment.GetEnvironmentVariable("LOG")!;
var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";

string IdOf(int number) => $"{Epoch}-{number:D11}";
string? Head(IReadOnlyList<JsonNode> log) => log.Count == 0 ? null : IdOf(log.Count);
string Now() => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

IReadOnlyList<JsonNode> ReadLog()
{
    if (!File.Exists(logPath)) return [];
    using var file = new FileStream(logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    // What stands behind the last line break is still being written.
    var lines = new StreamReader(file).ReadToEnd().Split('\n')[..^1];
    return [.. lines.Select(line => JsonNode.Parse(line)!)];
}

JsonObject Envelope(JsonNode change, int number) => new()
{
    ["specversion"] = "1.0",
    ["id"] = IdOf(number),
    ["source"] = $"/streams/{User}",
    ["type"] = "app.contracts.status.changed.v1",
    ["subject"] = $"contract/{change["contractId"]}",
    ["time"] = change["time"]!.DeepClone(),
    ["data"] = new JsonObject
    {
        ["contract"] = new JsonObject
        {
            ["id"] = change["contractId"]!.DeepClone(),
            ["title"] = change["title"]!.DeepClone(),
            ["version"] = change["version"]!.DeepClone(),
        },
        ["change"] = new JsonObject
        {
            ["from"] = change["from"]?.DeepClone(),
            ["to"] = change["to"]!.DeepClone(),
            ["actor"] = new JsonObject { ["id"] = change["by"]!.DeepClone(), ["name"] = change["by"]!.DeepClone() },
        },
        ["severity"] = "info",
        ["actionRequired"] = false,
    },
};

async IAsyncEnumerable<SseItem<string>> Follow(string? lastId, [EnumeratorCancellation] CancellationToken stop)
{
    var parts = (lastId ?? "").Split('-');
    var sent = parts[0] == Epoch ? int.Parse(parts[1]) : 0;
    var beatAt = DateTime.MinValue;
    while (!stop.IsCancellationRequested)
    {
        var log = ReadLog();
        for (; sent < log.Count; sent++)
            yield return new SseItem<string>(Envelope(log[sent], sent + 1).ToJsonString(), $"{User}_ContractStatusChanged")
            {
                EventId = IdOf(sent + 1),
            };
        if (DateTime.UtcNow >= beatAt)
        {
            beatAt = DateTime.UtcNow.AddMilliseconds(HeartbeatMs);
            var beat = new JsonObject { ["head"] = Head(log), ["at"] = Now(), ["heartbeatMs"] = HeartbeatMs };
            yield return new SseItem<string>(beat.ToJsonString(), $"{User}_StreamHead");
        }
        await Task.Delay(200, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

JsonObject Contracts()
{
    var log = ReadLog();
    var latest = new Dictionary<string, JsonObject>();
    for (var n = 0; n < log.Count; n++) latest[log[n]["contractId"]!.ToString()] = Envelope(log[n], n + 1);
    var list = new JsonArray([.. latest.Values.Select(change => new JsonObject
    {
        ["contract"] = change["data"]!["contract"]!.DeepClone(),
        ["status"] = change["data"]!["change"]!["to"]!.DeepClone(),
        ["since"] = change["time"]!.DeepClone(),
        ["severity"] = "info",
        ["actionRequired"] = false,
        ["lastEventId"] = change["id"]!.DeepClone(),
        ["lastEvent"] = change.DeepClone(),
    })]);
    return new() { ["asOf"] = Head(log), ["at"] = Now(), ["total"] = list.Count, ["contracts"] = list, ["next"] = null };
}

var builder = WebApplication.CreateBuilder();
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
var app = builder.Build();
app.Use((context, next) =>
    context.Request.Headers["X-API-Key"] == key ? next(context) : Results.Problem(statusCode: 401).ExecuteAsync(context));
app.MapGet("/api/events", (HttpRequest request, CancellationToken stop) =>
    TypedResults.ServerSentEvents(Follow(request.Headers["Last-Event-ID"], stop)));
app.MapGet("/api/contracts", () => Results.Text(Contracts().ToJsonString(), "application/json"));
app.MapFallback(() => Results.Problem(statusCode: 404));
app.Run();
