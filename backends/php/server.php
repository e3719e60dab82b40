<?php
// `KEY=… LOG=changes.ndjson PHP_CLI_SERVER_WORKERS=6 php -S 127.0.0.1:8080 server.php`: PHP 8, no packages.
// LOG holds the changes of one user, one JSON object a line, oldest first; line N is event N. In your server this is a table.
const USER = 'u42';
// Another word here, once, if the log is ever lost and counts from 1 again.
const EPOCH = 'e1';
const HEARTBEAT_MS = 15000;
// PHP ends a request after a while in most places: end it yourself before that. The app comes back and asks for the rest.
const STREAM_S = 300;

function id_of(int $number): string { return sprintf('%s-%011d', EPOCH, $number); }
function head(array $log): ?string { return count($log) === 0 ? null : id_of(count($log)); }
function now(): string { return gmdate('Y-m-d\TH:i:s\Z'); }
function to_json(mixed $value): string { return json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES); }

function read_log(): array {
    clearstatcache();
    $text = is_file(getenv('LOG')) ? file_get_contents(getenv('LOG')) : '';
    // What stands behind the last line break is still being written.
    $lines = array_slice(explode("\n", $text), 0, -1);
    return array_map(fn ($line) => json_decode($line, true), $lines);
}

function envelope(array $change, int $number): array {
    return [
        'specversion' => '1.0',
        'id' => id_of($number),
        'source' => '/streams/' . USER,
        'type' => 'app.contracts.status.changed.v1',
        'subject' => "contract/{$change['contractId']}",
        'time' => $change['time'],
        'data' => [
            'contract' => ['id' => $change['contractId'], 'title' => $change['title'], 'version' => $change['version']],
            'change' => [
                'from' => $change['from'],
                'to' => $change['to'],
                'actor' => ['id' => $change['by'], 'name' => $change['by']],
            ],
            'severity' => 'info',
            'actionRequired' => false,
        ],
    ];
}

function stream(): void {
    header('Content-Type: text/event-stream');
    header('Cache-Control: no-cache');
    header('X-Accel-Buffering: no');
    set_time_limit(0);
    while (ob_get_level() > 0) ob_end_clean();
    [$epoch, $sequence] = explode('-', ($_SERVER['HTTP_LAST_EVENT_ID'] ?? '') . '-');
    $sent = $epoch === EPOCH ? intval($sequence) : 0;
    $beat_at = 0;
    for ($until = time() + STREAM_S; time() < $until && !connection_aborted(); usleep(200000)) {
        $log = read_log();
        for (; $sent < count($log); $sent++) {
            $data = to_json(envelope($log[$sent], $sent + 1));
            echo 'id: ' . id_of($sent + 1) . "\nevent: " . USER . "_ContractStatusChanged\ndata: $data\n\n";
        }
        if (microtime(true) * 1000 >= $beat_at) {
            $beat_at = microtime(true) * 1000 + HEARTBEAT_MS;
            $beat = to_json(['head' => head($log), 'at' => now(), 'heartbeatMs' => HEARTBEAT_MS]);
            echo ": alive\n\nevent: " . USER . "_StreamHead\ndata: $beat\n\n";
        }
        flush();
    }
}

function contracts(): array {
    $log = read_log();
    $latest = [];
    foreach ($log as $n => $change) $latest[$change['contractId']] = envelope($change, $n + 1);
    $list = array_map(fn ($event) => [
        'contract' => $event['data']['contract'],
        'status' => $event['data']['change']['to'],
        'since' => $event['time'],
        'severity' => $event['data']['severity'],
        'actionRequired' => $event['data']['actionRequired'],
        'lastEventId' => $event['id'],
        'lastEvent' => $event,
    ], array_values($latest));
    return ['asOf' => head($log), 'at' => now(), 'total' => count($list), 'contracts' => $list, 'next' => null];
}

function answer(int $status, array $body, string $type): void {
    http_response_code($status);
    header("Content-Type: $type");
    echo to_json($body);
}

header('Date: ' . gmdate('D, d M Y H:i:s') . ' GMT');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$is_get = $_SERVER['REQUEST_METHOD'] === 'GET';
if (!hash_equals(getenv('KEY'), $_SERVER['HTTP_X_API_KEY'] ?? '')) answer(401, ['status' => 401], 'application/problem+json');
elseif ($is_get && $path === '/api/events') stream();
elseif ($is_get && $path === '/api/contracts') answer(200, contracts(), 'application/json');
else answer(404, ['status' => 404], 'application/problem+json');
