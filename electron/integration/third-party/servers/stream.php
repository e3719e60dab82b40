<?php
// `php -S 127.0.0.1:PORT stream.php`: the stream of a plain PHP site. Each request is a process; what is kept is a file, whose
// lines are counted from 1. A stream ends by itself after some seconds, as PHP's time limit demands.
$kept = getenv('KEPT');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
header('Content-Type: application/json');

if ($path === '/api/login' || $path === '/api/refresh') {
    echo '{"accessToken":"access","refreshToken":"refresh","expiresIn":3600,"user":{"id":"u42","name":"Анна Петрова","locale":"ru"}}';
} elseif ($path === '/subscribers') {
    echo 1;
} elseif ($path === '/publish') {
    $lines = file_exists($kept) ? count(file($kept)) : 0;
    $event = json_decode(file_get_contents('php://input'), true);
    $event['id'] = strval($lines + 1);
    file_put_contents($kept, json_encode($event, JSON_UNESCAPED_UNICODE) . "\n", FILE_APPEND | LOCK_EX);
    echo json_encode($event['id']);
} elseif ($path === '/api/events') {
    header('Content-Type: text/event-stream');
    header('Cache-Control: no-cache');
    $sent = intval($_SERVER['HTTP_LAST_EVENT_ID'] ?? '0');
    while (ob_get_level() > 0) ob_end_clean();
    echo "retry: 100\n\n";
    flush();
    for ($turn = 0; $turn < 60 && !connection_aborted(); $turn++) {
        clearstatcache();
        $lines = file_exists($kept) ? file($kept, FILE_IGNORE_NEW_LINES) : [];
        for (; $sent < count($lines); $sent++) {
            echo 'id: ' . ($sent + 1) . "\nevent: u42_ContractStatusChanged\ndata: {$lines[$sent]}\n\n";
        }
        echo ": on\n\n";
        flush();
        usleep(50000);
    }
} else {
    http_response_code(404);
    echo '{}';
}
