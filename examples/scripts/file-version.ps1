# Which version of a file is on the device: its SHA-256 tells them apart. Prints JSON.
$path = 'C:\Windows\Temp\evil.dll'
$sha256 = if (Test-Path -LiteralPath $path -PathType Leaf) { (Get-FileHash -LiteralPath $path).Hash } else { 'not there' }
@{ sha256 = $sha256 } | ConvertTo-Json -Depth 3 -Compress
