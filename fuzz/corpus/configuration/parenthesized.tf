terraform {
  backend "x" {
    yes = ( # before
      true  # yes
    )
    no = (/*/ a */ ((false /**/))// b
    )
    quoted = ( "a)" // (
    )
    nothing = ( null # nothing
    )
    document = (<<EOT
one
EOT
      # the end
    )
    compared = (<<EOT
true
EOT
      == "x" ? "t" : "")
    joined = (true) == (false)
    chosen = true ? (1) : (2)
    step   = ("a").b
  }
}
