# What an analyst asks first of a Windows device: system, user, newest processes, connections, new tasks. Prints JSON.
$ErrorActionPreference = 'SilentlyContinue'
$os = Get-CimInstance Win32_OperatingSystem
$lastWeek = (Get-Date).AddDays(-7)

$processes = Get-CimInstance Win32_Process | Sort-Object CreationDate -Descending | Select-Object -First 25 Name, ProcessId, ParentProcessId, CommandLine
$connections = Get-NetTCPConnection -State Established | Where-Object RemoteAddress -NotMatch '^127\.|^::1$' |
    Select-Object RemoteAddress, RemotePort, @{ Name = 'Process'; Expression = { (Get-Process -Id $_.OwningProcess).Name } }
$tasks = Get-ScheduledTask | Where-Object { $_.Date -and [datetime] $_.Date -gt $lastWeek } | ForEach-Object { $_.TaskPath + $_.TaskName }

[ordered]@{
    computer    = $env:COMPUTERNAME
    os          = "$($os.Caption) $($os.Version)"
    startedAt   = $os.LastBootUpTime.ToUniversalTime().ToString('o')
    user        = (Get-CimInstance Win32_ComputerSystem).UserName
    processes   = @($processes)
    connections = @($connections)
    newTasks    = @($tasks)
} | ConvertTo-Json -Depth 3 -Compress
