# Is one of these files on the device? By path, and by SHA-256 in folders where malware is often put. Prints JSON.
# Its argument is the Base64 (Encode Arguments) of {"paths":["C:\\Users\\Public\\update.exe"],"sha256":["6e212a0d..."]}
param([string] $Encoded)
$ErrorActionPreference = 'SilentlyContinue'
$wanted = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Encoded)) | ConvertFrom-Json
$folders = "$env:ProgramData", "$env:windir\Temp", "$env:SystemDrive\Users\Public", "$env:SystemDrive\Users\*\Downloads", "$env:SystemDrive\Users\*\AppData\Local\Temp"

$hits = @(
    foreach ($path in $wanted.paths) {
        if (Test-Path -LiteralPath $path -PathType Leaf) {
            @{ path = $path; sha256 = (Get-FileHash -LiteralPath $path).Hash; by = 'path' }
        }
    }
    if ($wanted.sha256) {
        Get-ChildItem -Path $folders -Recurse -File -Force | Where-Object Length -LT 50MB | ForEach-Object {
            $hash = (Get-FileHash -LiteralPath $_.FullName).Hash
            if ($wanted.sha256 -contains $hash) { @{ path = $_.FullName; sha256 = $hash; by = 'sha256' } }
        }
    }
)
@{ computer = $env:COMPUTERNAME; hits = $hits } | ConvertTo-Json -Depth 3 -Compress
