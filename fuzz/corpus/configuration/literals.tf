terraform {
  backend consul {
    escapes    = "\n\r\t\"\\\u00e9\U0001F512|\u0041"
    templates  = "$${a} %%{b} $ % $$ %% $x $$$${c}"
    empty      = ""
    heredoc    = <<EOT
  keeps its indentation
"and" \n $${x} %%{y} $$
  EOT is not alone

  EOT
    stripped   = <<-EOT
      two
        four
   
      	tab

      $${x}
    EOT
    nothing    = <<-X
    X
    templated  = <<EOT
${path.module}
EOT
    yes        = ( ( true ) )
    no         = false
    integer    = 42
    fraction   = 1.5e-3
    negative   = -7
    big        = 1e400
    sum        = 1 + 1
    concat     = "a" == "b"
    both       = ("a") == ("b")
    call       = f("x")
    wrapped    = "${"x"}"
    dropped    = null
    also       = (null)
    list       = []
  }
}
